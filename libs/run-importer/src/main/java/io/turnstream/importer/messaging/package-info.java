/// The log's side of an import: the events of a recorded run.
@NullMarked
package io.turnstream.importer.messaging;

import org.jspecify.annotations.NullMarked;
