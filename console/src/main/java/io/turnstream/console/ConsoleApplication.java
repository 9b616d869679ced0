package io.turnstream.console;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.turnstream.channels.Channels;
import io.turnstream.messaging.KafkaDeadLetters;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.projection.store.ProjectionDatabase;
import io.turnstream.projection.store.ProjectionGeneration;
import io.turnstream.projection.store.StoredReports;
import io.turnstream.providers.prices.Prices;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import java.time.Clock;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/// The console as a process of its own: started and stopped with Quarkus, configured by environment.
@ApplicationScoped
class ConsoleApplication {

    private static final String TOKEN = "TURNSTREAM_TOKEN";

    private final ConsoleSettings settings;
    private final ServedPlatform served;
    private final String listensOn;
    private final Channels channels;
    private final RunCommands commands;
    private volatile @Nullable Access access;
    private volatile @Nullable ServiceKafka kafka;
    private volatile @Nullable ProjectionDatabase projection;
    private volatile @Nullable Attendance attendance;

    ConsoleApplication(ConsoleSettings settings, ServedPlatform served,
            @ConfigProperty(name = "quarkus.http.host") String listensOn,
            Channels channels, RunCommands commands) {
        this.channels = channels;
        this.commands = commands;
        this.listensOn = listensOn;
        this.settings = settings;
        this.served = served;
    }

    void reach(@Observes @Priority(Channels.BEFORE_THEY_START) StartupEvent event) {
        if (settings.enabled()) {
            access = access();
            ServiceKafka opened = ServiceKafka.open("console", settings.kafka());
            kafka = opened;
            channels.reach(opened.connection());
        }
    }

    void start(@Observes StartupEvent event) {
        ServiceKafka openedKafka = kafka;
        Access callers = access;
        if (openedKafka == null || callers == null) {
            return;
        }
        ProjectionDatabase database = ProjectionDatabase.open(settings.mongodb().url(),
                new ProjectionGeneration(settings.projection()).named(settings.mongodb().database()));
        projection = database;
        KafkaPlatform.Rules rules = new KafkaPlatform.Rules(
                ModelAdmission.allowing(settings.providers().orElse(List.of())), settings.version(),
                settings.prices().map(Prices::of).orElseGet(Prices::bundled),
                DatasetAdmission.below(settings.datasetFolders()));
        Attendance services = Attendance.at(openedKafka.connection());
        attendance = services;
        served.open(
                new KafkaPlatform(openedKafka, commands.over(openedKafka),
                        new StoredReports(database.database(), services::remark), rules,
                        Clock.systemUTC()),
                new Upkeep(Rebuilding.byOperator(),
                        new KafkaDeadLetters(openedKafka.connection(), openedKafka.serde(), Clock.systemUTC())),
                callers);
    }

    private Access access() {
        try {
            // an empty variable counts as none where it is read through the settings, and here it does not
            String variable = ConfigProvider.getConfig().getConfigValue(TOKEN).getRawValue();
            return Access.of(settings.token().orElse(variable), settings.hosts().orElse(List.of()), listensOn,
                    settings.loopbackOnly());
        } catch (IllegalArgumentException e) {
            // told in one line, without a stack trace; nothing is open yet that an abrupt end could harm
            System.err.println("turnstream: " + e.getMessage());
            Runtime.getRuntime().halt(1);
            throw e;
        }
    }

    void stop(@Observes ShutdownEvent event) {
        if (!settings.enabled()) {
            return;
        }
        served.close();
        if (attendance != null) {
            attendance.close();
        }
        if (kafka != null) {
            kafka.close();
        }
        if (projection != null) {
            projection.close();
        }
    }

    @Produces
    @Readiness
    HealthCheck ready() {
        return () -> HealthCheckResponse.named("console").status(!settings.enabled() || served.platform().isPresent())
                .build();
    }
}
