/// What is stated before a run: what is to be run, and which figures it must reach.
@NullMarked
package io.turnstream.benchmark.expectation;

import org.jspecify.annotations.NullMarked;
