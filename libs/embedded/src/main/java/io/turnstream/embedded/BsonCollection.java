package io.turnstream.embedded;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.AbstractSynchronizedMongoCollection;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.DocumentWithPosition;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.backend.ValueComparator;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Comparator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.stream.Stream;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/// A collection whose documents stand as BSON in a map of H2, by id. It does not count its bytes: nobody asks.
final class BsonCollection extends AbstractSynchronizedMongoCollection<Object> {

    private static final int FIRST_GUESS_BYTES = 4_096;
    private static final Comparator<DocumentWithPosition<Object>> LAST_FIRST = (one, other) -> ValueComparator.desc()
            .compare(one.getPosition(), other.getPosition());

    private final MVMap<Object, byte[]> documents;

    BsonCollection(MongoDatabase database, String name, CollectionOptions options, MVMap<Object, byte[]> documents,
            CursorRegistry cursors) {
        super(database, name, options, cursors);
        this.documents = documents;
    }

    static byte[] encode(Document document) {
        ByteBuf bson = Unpooled.buffer(FIRST_GUESS_BYTES);
        BsonEncoder.encodeDocument(document, bson);
        byte[] bytes = new byte[bson.readableBytes()];
        bson.readBytes(bytes);
        return bytes;
    }

    private static Document decode(byte[] bson) {
        return BsonDecoder.decodeBson(Unpooled.wrappedBuffer(bson));
    }

    @Override
    protected Object addDocumentInternal(Document document) {
        Object id = getIdField() == null
                ? UUID.randomUUID()
                : Missing.ofNullable(Utils.getSubdocumentValue(document, getIdField()));
        if (documents.putIfAbsent(id, encode(document)) != null) {
            throw new IllegalStateException(
                    "there is a document " + id + " in " + getFullName() + " already, and not in its index");
        }
        return id;
    }

    @Override
    protected void handleUpdate(Object id, Document former, Document document) {
        documents.put(id, encode(document));
    }

    @Override
    protected void removeDocument(Object id) {
        if (documents.remove(id) == null) {
            throw new NoSuchElementException("no document " + id + " in " + getFullName());
        }
    }

    @Override
    protected @Nullable Document getDocument(Object id) {
        byte[] bson = documents.get(id);
        return bson == null ? null : decode(bson);
    }

    @Override
    protected Stream<DocumentWithPosition<Object>> streamAllDocumentsWithPosition() {
        return documents.entrySet().stream().map(BsonCollection::decode);
    }

    private static DocumentWithPosition<Object> decode(Map.Entry<Object, byte[]> entry) {
        return new DocumentWithPosition<>(decode(entry.getValue()), entry.getKey());
    }

    @Override
    protected QueryResult matchDocuments(Document query, Document orderBy, int skip, int limit, int batchSize,
            Document fields) {
        Stream<Document> all = isNaturalDescending(orderBy)
                ? streamAllDocumentsWithPosition().sorted(LAST_FIRST).map(DocumentWithPosition::getDocument)
                : documents.values().stream().map(BsonCollection::decode);
        return matchDocumentsFromStream(all, query, orderBy, skip, limit, batchSize, fields);
    }

    @Override
    public int count() {
        return documents.size();
    }

    @Override
    public boolean isEmpty() {
        return documents.isEmpty();
    }

    @Override
    protected boolean tracksDataSize() {
        return false;
    }

    @Override
    protected void updateDataSize(int change) {}

    @Override
    protected int getDataSize() {
        return 0;
    }
}
