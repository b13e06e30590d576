import type { Filter, Range, Show, Sort } from "../model/samples";
import { DashboardElement, data } from "./element";

/** An element that depends on which samples are shown, and in which order. */
export class FilteredElement extends DashboardElement implements Filter {
  static override properties: { [name: string]: object } = {
    show: data,
    label: data,
    predicted: data,
    text: data,
    flips: data,
    sort: data,
    reversed: data,
    held: data,
  };

  declare show: Show;
  declare label: number | null;
  declare predicted: number | null;
  declare text: string;
  declare flips: Range | null;
  declare sort: Sort;
  declare reversed: boolean;
  /** Whether epsilon is being dragged: all then keeps its place. */
  declare held: boolean;
}
