/// The folder that a standalone platform keeps everything in, who owns it now, and how others reach the owner.
@NullMarked
package io.turnstream.standalone.home;

import org.jspecify.annotations.NullMarked;
