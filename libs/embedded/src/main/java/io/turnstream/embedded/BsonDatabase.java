package io.turnstream.embedded;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.h2.H2Database;
import de.bwaldvogel.mongo.bson.Document;
import java.util.List;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/// A database whose documents stand in H2's file as BSON, and whose indexes compare keys without serializing them.
/// Java's serialization, which the backend leaves to H2, took twice as long as all else that the store does.
final class BsonDatabase extends H2Database {

    /// Version of the store whose maps have these types.
    static final int FORMAT = 1;

    private static final String DOCUMENTS = "databases.";
    private static final String INDEX = "._index_";
    private static final String FORMER = "former.";

    private final MVStore store;
    private final CursorRegistry cursors;

    BsonDatabase(String name, MVStore store, CursorRegistry cursors) {
        // before the constructor above, which opens the collections
        this.store = store;
        this.cursors = cursors;
        super(name, store, cursors);
    }

    @Override
    protected MongoCollection<Object> openOrCreateCollection(String collection, CollectionOptions options) {
        return new BsonCollection(this, collection, options,
                documents(store, DOCUMENTS + getFullCollectionNamespace(collection)), cursors);
    }

    @Override
    protected Index<Object> openOrCreateUniqueIndex(String collection, String index, List<IndexKey> keys,
            boolean sparse) {
        // once open, the map has its types, whoever opens it again
        keys(store, getFullCollectionNamespace(collection) + INDEX + index);
        return super.openOrCreateUniqueIndex(collection, index, keys, sparse);
    }

    /// Brings a file up to date that was written with H2's own types. Nothing is lost if it ends abruptly: what is not
    /// committed is not there.
    static void upgrade(MVStore store) {
        if (store.getStoreVersion() >= FORMAT) {
            return;
        }
        for (String name : List.copyOf(store.getMapNames())) {
            if (name.startsWith(DOCUMENTS)) {
                MVMap<Object, Document> former = store.openMap(name);
                store.renameMap(former, FORMER + name);
                MVMap<Object, byte[]> documents = documents(store, name);
                former.forEach((id, document) -> documents.put(id, BsonCollection.encode(document)));
                store.removeMap(former);
            } else if (name.contains(INDEX)) {
                MVMap<KeyValue, Object> former = store.openMap(name);
                store.renameMap(former, FORMER + name);
                keys(store, name).putAll(former);
                store.removeMap(former);
            }
        }
        store.setStoreVersion(FORMAT);
        store.commit();
    }

    private static MVMap<Object, byte[]> documents(MVStore store, String name) {
        return store.openMap(name, new MVMap.Builder<Object, byte[]>().valueType(new BsonType()));
    }

    private static MVMap<KeyValue, Object> keys(MVStore store, String name) {
        return store.openMap(name, new MVMap.Builder<KeyValue, Object>().keyType(new IndexKeyType()));
    }
}
