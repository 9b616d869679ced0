/// What a finished step adds to a score, and how counts become a value.
@NullMarked
package io.turnstream.benchmark.scoring;

import org.jspecify.annotations.NullMarked;
