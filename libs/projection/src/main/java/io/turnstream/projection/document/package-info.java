/// What stands in the projection, as plain records: runs, dialogues, score rows, score cells and rejected rows.
@NullMarked
package io.turnstream.projection.document;

import org.jspecify.annotations.NullMarked;
