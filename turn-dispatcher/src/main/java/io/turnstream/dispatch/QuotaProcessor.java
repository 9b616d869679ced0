package io.turnstream.dispatch;

import io.turnstream.contracts.AskLease;
import io.turnstream.contracts.LeaseGranted;
import io.turnstream.contracts.state.QuotaLedger;
import io.turnstream.events.EventTypes;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.NullUnmarked;

/// Grants leases, each in one transaction with the ledger that says so: a lease that a worker sees is never forgotten,
/// and one that was forgotten no worker has seen.
@NullUnmarked
final class QuotaProcessor implements Processor<String, SpecificRecord, String, SpecificRecord> {

    private final QuotaMachine machine;
    private Outbox outbox;
    private KeyValueStore<String, QuotaLedger> ledgers;

    QuotaProcessor(QuotaTerms terms) {
        this.machine = new QuotaMachine(terms);
    }

    @Override
    public void init(ProcessorContext<String, SpecificRecord> context) {
        outbox = new Outbox(context, DispatcherTopology.TO_QUOTA_LEASES);
        ledgers = context.getStateStore(DispatcherTopology.QUOTAS);
    }

    /// The time that counts is the record's: when the broker was given the question. Nothing was sent under the lease
    /// before.
    @Override
    public void process(Record<String, SpecificRecord> record) {
        if (!(record.value() instanceof AskLease ask)) {
            return;
        }
        QuotaLedger kept = ledgers.get(record.key());
        QuotaLedger ledger = kept == null ? QuotaMachine.empty() : kept;
        QuotaMachine.Grant grant = machine.answer(ledger, ask, record.timestamp());
        ledgers.put(record.key(), QuotaMachine.isEmpty(ledger) ? null : ledger);
        if (ask.getRequests() > 0) {
            LeaseGranted granted = new LeaseGranted(
                    EventTypes.causedBy(ask, ask.getLeaseId() + "/granted", record.timestamp()),
                    ask.getGroup(), ask.getWorker(), ask.getLane(), ask.getLeaseId(), grant.requests(), grant.tokens(),
                    grant.validMillis(),
                    grant.waitMillis());
            outbox.emit(DispatcherTopology.TO_QUOTA_LEASES, record.key(), granted, record);
        }
    }
}
