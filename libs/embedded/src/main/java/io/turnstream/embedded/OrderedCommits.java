package io.turnstream.embedded;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import de.bwaldvogel.mongo.wire.message.MongoQuery;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/// An H2 backend whose file holds, after an abrupt end too, the effect of a prefix of the commands it answered.
///
/// H2's own commits run beside the writers and take the collections one by one, so that a later write to one collection
/// can be in the file while an earlier write to another is not: a sink's offset could outlive the data it covers. Here
/// commits are made between commands only. A write with the journal's promise (`writeConcern: {j: true}`) is answered
/// once it is in the file, together with what else was waiting.
final class OrderedCommits extends H2Backend {

    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final Duration COMPACTION_INTERVAL = Duration.ofSeconds(30);
    private static final int FILL_PERCENT = 50;
    private static final int COMPACT_BYTES = 4 * 1024 * 1024;

    private final MVStore store;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Thread committer;

    /// Writes that asked for the journal's promise, and how many of them are in the file. Guarded by `promises`.
    private final Object promises = new Object();
    private long asked;
    private long kept;
    private boolean ended;
    private volatile @Nullable Consumer<MVStoreException> onFailure;

    /// @param store opened with its automatic commits disabled
    OrderedCommits(MVStore store) {
        // before the constructor above, which opens the databases
        this.store = store;
        super(store);
        this.committer = Thread.ofPlatform().name("document-store-commits").daemon().unstarted(this::commitNowAndThen);
        committer.start();
    }

    @Override
    protected MongoDatabase openOrCreateDatabase(String name) {
        return new BsonDatabase(name, store, getCursorRegistry());
    }

    /// Calls `action` once if nothing can be written any more.
    void onFailure(Consumer<MVStoreException> action) {
        onFailure = action;
    }

    private void commitNowAndThen() {
        long compactedAt = System.nanoTime();
        try {
            while (!store.isClosed()) {
                long upTo = awaitPromise();
                if (store.hasUnsavedChanges()) {
                    boolean compact = System.nanoTime() - compactedAt > COMPACTION_INTERVAL.toNanos();
                    commitBetweenCommands(compact);
                    compactedAt = compact ? System.nanoTime() : compactedAt;
                }
                synchronized (promises) {
                    kept = upTo;
                    promises.notifyAll();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (MVStoreException e) {
            System.getLogger(OrderedCommits.class.getName()).log(System.Logger.Level.ERROR,
                    "The document store can no longer write its file; documents can be made again from the log", e);
            Consumer<MVStoreException> action = onFailure;
            if (action != null) {
                action.accept(e);
            }
        } finally {
            synchronized (promises) {
                ended = true;
                promises.notifyAll();
            }
        }
    }

    /// Waits until a promise is asked for, at most half a second.
    ///
    /// @return how many were asked for so far: what they wrote is in the next commit
    private long awaitPromise() throws InterruptedException {
        synchronized (promises) {
            if (asked == kept) {
                promises.wait(INTERVAL.toMillis());
            }
            return asked;
        }
    }

    private void keepPromiseOf(Document command) {
        // a message can be a command inside: its promise is kept when both are done, for a commit waits until then
        boolean done = lock.getReadHoldCount() == 0;
        if (done && command.get("writeConcern") instanceof Document concern && Boolean.TRUE.equals(concern.get("j"))) {
            keepPromise();
        }
    }

    private void keepPromise() {
        synchronized (promises) {
            long mine = ++asked;
            promises.notifyAll();
            while (kept < mine && !ended) {
                try {
                    promises.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw notKept();
                }
            }
            if (kept < mine) {
                throw notKept();
            }
        }
    }

    private static MongoServerError notKept() {
        return new MongoServerError(91, "ShutdownInProgress", "the store stops, and the write may be lost");
    }

    private void commitBetweenCommands(boolean compact) {
        lock.writeLock().lock();
        try {
            if (!store.isClosed()) {
                store.commit();
                if (compact) {
                    store.compact(FILL_PERCENT, COMPACT_BYTES);
                }
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public Document handleCommand(Channel channel, String database, String command, Document query) {
        Document answer = duringCommand(() -> super.handleCommand(channel, database, command, query));
        keepPromiseOf(query);
        return answer;
    }

    @Override
    public QueryResult handleQuery(MongoQuery query) {
        return duringCommand(() -> super.handleQuery(query));
    }

    @Override
    public Document handleMessage(MongoMessage message) {
        Document answer = duringCommand(() -> super.handleMessage(message));
        keepPromiseOf(message.getDocument());
        return answer;
    }

    @Override
    public void dropDatabase(String database) {
        duringCommand(() -> {
            super.dropDatabase(database);
            return database;
        });
    }

    private <T> T duringCommand(Supplier<T> command) {
        Lock shared = lock.readLock();
        shared.lock();
        try {
            return command.get();
        } finally {
            shared.unlock();
        }
    }

    @Override
    public void close() {
        committer.interrupt();
        lock.writeLock().lock();
        try {
            super.close();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
