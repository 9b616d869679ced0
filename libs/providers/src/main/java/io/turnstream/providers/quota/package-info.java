/// Calls under a quota that is one for many processes: leases, and who waits for them.
@NullMarked
package io.turnstream.providers.quota;

import org.jspecify.annotations.NullMarked;
