package io.turnstream.messaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FenceProducersOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.jboss.logging.Logger;

/// What a process that was killed left open. Until its transactions are ended, who comes after it cannot read where it
/// stood, and that would be at their time-out: Kafka Streams asks for the positions before it makes the producers that
/// would end them.
final class AbandonedTransactions {

    private static final Logger LOG = Logger.getLogger(AbandonedTransactions.class);

    /// Of Kafka Streams: in the application's folder, with the id that each of this process's transactions is named
    /// after.
    private static final String PROCESS_FILE = "kafka-streams-process-metadata";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private AbandonedTransactions() {}

    /// Ends those of the process that had this state folder last; they are aborted. Nothing to do where there was none.
    /// What cannot be ended now ends at its time-out.
    static void end(KafkaConnection connection, String applicationId, Path stateDirectory) {
        Path file = stateDirectory.resolve(applicationId).resolve(PROCESS_FILE);
        if (!Files.exists(file)) {
            return;
        }
        try (Admin admin = Admin.create(connection.as(applicationId + "-abandoned").common())) {
            String process = Files.readString(file);
            ListTransactionsOptions open = new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING));
            List<String> own = admin.listTransactions(open.timeoutMs((int) PATIENCE.toMillis())).all().get().stream()
                    .map(TransactionListing::transactionalId)
                    .filter(id -> isOf(process, applicationId, id))
                    .toList();
            if (!own.isEmpty()) {
                admin.fenceProducers(own, new FenceProducersOptions().timeoutMs((int) PATIENCE.toMillis())).all().get();
                LOG.infof("%s: ended %d transactions that were left open", applicationId, own.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | UncheckedIOException | ExecutionException e) {
            LOG.warnf("%s: transactions that were left open end at their time-out: %s", applicationId, e.getMessage());
        }
    }

    /// Whether a transaction is named `application-process-thread`.
    private static boolean isOf(String process, String applicationId, String transactionalId) {
        String prefix = applicationId + '-';
        int thread = transactionalId.lastIndexOf('-');
        return transactionalId.startsWith(prefix) && thread > prefix.length()
                && process.contains('"' + transactionalId.substring(prefix.length(), thread) + '"');
    }
}
