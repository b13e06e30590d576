// What is looked at after the first pictures: loaded once those are painted, but for a page that stands
// alone, which has all at once.

import "./styles";
import "./comparison";
import "./contest";
import "./filters";
import "./folded";
import "./numbers";
import "./panels";
import "./print";
import "./runs";
import "./sample";
import "./toolbar";
