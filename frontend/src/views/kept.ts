/**
 * What a grid leaves behind for the next, so that another run shows the sample that was in sight: the
 * checksum of the first original there, and how far its row is from the top of what one sees.
 */
export interface Kept {
  sample: number | null;
  offset: number;
}
