// The styles of what is loaded later, side by side: they are much alike, and compress to less where they
// lie together.

import.meta.glob("./*.style.ts", { eager: true });
