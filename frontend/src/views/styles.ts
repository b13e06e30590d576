// All styles side by side: they are much alike, and compress to less where they lie together. Those
// of what is loaded later are loaded with it.

import.meta.glob(["./*.style.ts", "!./cross-section.style.ts"], { eager: true });
