package io.turnstream.embedded;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/// Documents as BSON in H2's pages: a length, then the bytes.
final class DocumentType extends BasicDataType<Document> {

    private static final int FIRST_GUESS_BYTES = 2_048;

    /// What pages are split by; of the documents written last.
    private volatile int averageBytes = FIRST_GUESS_BYTES;

    @Override
    public int getMemory(Document document) {
        return averageBytes;
    }

    @Override
    public void write(WriteBuffer page, Document document) {
        ByteBuf bson = Unpooled.buffer(averageBytes * 2);
        BsonEncoder.encodeDocument(document, bson);
        int length = bson.readableBytes();
        page.putVarInt(length);
        page.put(bson.nioBuffer());
        averageBytes = (int) ((length + 15L * averageBytes) / 16);
    }

    @Override
    public Document read(ByteBuffer page) {
        byte[] bson = new byte[DataUtils.readVarInt(page)];
        page.get(bson);
        return BsonDecoder.decodeBson(Unpooled.wrappedBuffer(bson));
    }

    @Override
    public Document[] createStorage(int size) {
        return new Document[size];
    }
}
