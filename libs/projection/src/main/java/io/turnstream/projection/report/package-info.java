/// What people and programs are told about runs, read from the projection: summaries, progress and the published
/// report.
@NullMarked
package io.turnstream.projection.report;

import org.jspecify.annotations.NullMarked;
