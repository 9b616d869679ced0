/// Fixtures for tests against real parts: one broker and one document store per JVM.
@NullMarked
package io.turnstream.testsupport;

import org.jspecify.annotations.NullMarked;
