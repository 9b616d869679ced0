/// Data sets in Parquet, one row group in memory at a time.
@NullMarked
package io.turnstream.loader.reading.parquet;

import org.jspecify.annotations.NullMarked;
