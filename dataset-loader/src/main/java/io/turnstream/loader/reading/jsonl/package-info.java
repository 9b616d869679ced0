/// Data sets in JSON lines, with images in files of their own.
@NullMarked
package io.turnstream.loader.reading.jsonl;

import org.jspecify.annotations.NullMarked;
