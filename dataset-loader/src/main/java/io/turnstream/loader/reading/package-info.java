/// Where rows come from: finds the files of a data set and streams their rows as they stand, one at a time.
@NullMarked
package io.turnstream.loader.reading;

import org.jspecify.annotations.NullMarked;
