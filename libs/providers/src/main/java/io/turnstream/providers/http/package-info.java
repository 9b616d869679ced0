/// How requests reach a provider: over one shared JDK client, with bounds on time and size, and with images spliced in
/// from cached bytes, beneath whatever library builds the requests.
@NullMarked
package io.turnstream.providers.http;

import org.jspecify.annotations.NullMarked;
