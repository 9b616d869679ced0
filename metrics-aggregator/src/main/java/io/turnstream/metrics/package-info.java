/// The service that folds accepted events into scores and keeps the projection.
@NullMarked
package io.turnstream.metrics;

import org.jspecify.annotations.NullMarked;
