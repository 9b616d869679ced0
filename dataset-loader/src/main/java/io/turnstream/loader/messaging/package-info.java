/// The loader's events: from requests to the domain's records and back.
@NullMarked
package io.turnstream.loader.messaging;

import org.jspecify.annotations.NullMarked;
