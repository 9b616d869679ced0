/// Reads what others recorded: result folders of the published code, as far as they go. Pure: reads files, writes
/// nothing.
@NullMarked
package io.turnstream.importer.reading;

import org.jspecify.annotations.NullMarked;
