package io.turnstream.embedded;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The embedded parts log hundreds of lines at each start. Loggers that nobody has given a level are set to errors
/// only, and those that report what is normal at a start as an error are switched off.
final class QuietLoggers {

    // held here, because the log manager holds them weakly
    private static final List<Logger> LOGGERS = List.of(
            Logger.getLogger("kafka"), Logger.getLogger("state.change.logger"), Logger.getLogger("org.apache.kafka"),
            Logger.getLogger("de.bwaldvogel.mongo"));

    // the broker asks the controller before it has been elected
    private static final List<Logger> NOISE = List.of(Logger.getLogger("kafka.server.ControllerApis"));

    private QuietLoggers() {}

    static void hush() {
        LOGGERS.forEach(logger -> setIfUnset(logger, Level.SEVERE));
        NOISE.forEach(logger -> setIfUnset(logger, Level.OFF));
    }

    private static void setIfUnset(Logger logger, Level level) {
        if (logger.getLevel() == null) {
            logger.setLevel(level);
        }
    }
}
