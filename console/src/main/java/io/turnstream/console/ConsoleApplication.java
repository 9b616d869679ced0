package io.turnstream.console;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.turnstream.messaging.KafkaDeadLetters;
import io.turnstream.messaging.ServiceKafka;
import io.turnstream.projection.store.ProjectionDatabase;
import io.turnstream.projection.store.ProjectionGeneration;
import io.turnstream.projection.store.StoredReports;
import io.turnstream.providers.prices.Prices;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import java.time.Clock;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/// The console as a process of its own: started and stopped with Quarkus, configured by environment.
@ApplicationScoped
class ConsoleApplication {

    private final ConsoleSettings settings;
    private final ServedPlatform served;
    private volatile @Nullable ServiceKafka kafka;
    private volatile @Nullable ProjectionDatabase projection;
    private volatile @Nullable Attendance attendance;

    ConsoleApplication(ConsoleSettings settings, ServedPlatform served) {
        this.settings = settings;
        this.served = served;
    }

    void start(@Observes StartupEvent event) {
        if (!settings.enabled()) {
            return;
        }
        ServiceKafka openedKafka = ServiceKafka.open("console", settings.kafka());
        kafka = openedKafka;
        ProjectionDatabase database = ProjectionDatabase.open(settings.mongodb().url(),
                new ProjectionGeneration(settings.projection()).named(settings.mongodb().database()));
        projection = database;
        KafkaPlatform.Rules rules = new KafkaPlatform.Rules(
                ModelAdmission.allowing(settings.providers().orElse(List.of())), settings.version(),
                settings.prices().map(Prices::of).orElseGet(Prices::bundled));
        Attendance services = Attendance.at(openedKafka.connection());
        attendance = services;
        served.open(
                new KafkaPlatform(openedKafka, new StoredReports(database.database(), services::remark), rules,
                        Clock.systemUTC()),
                new Upkeep(Rebuilding.byOperator(), new KafkaDeadLetters(openedKafka.connection(), openedKafka.serde(), Clock.systemUTC())),
                settings.token());
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
        return () -> HealthCheckResponse.named("console").status(!settings.enabled() || served.platform().isPresent()).build();
    }
}
