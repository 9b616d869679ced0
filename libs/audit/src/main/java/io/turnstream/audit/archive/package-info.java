/// Runs as files: self-contained, verifiable without a platform, and portable to another one.
@NullMarked
package io.turnstream.audit.archive;

import org.jspecify.annotations.NullMarked;
