/// Brings in what others recorded as runs like any other.
@NullMarked
package io.turnstream.importer;

import org.jspecify.annotations.NullMarked;
