/// The parts a deployment gets from elsewhere (broker, schema registry, document store), run from their Maven artifacts
/// without Docker: for the standalone platform and for tests.
@NullMarked
package io.turnstream.embedded;

import org.jspecify.annotations.NullMarked;
