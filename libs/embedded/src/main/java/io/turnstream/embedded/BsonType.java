package io.turnstream.embedded;

import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/// Documents in H2's pages as the BSON they are: a length, then the bytes. A page holds several documents and is read
/// and written whole; so the others need be neither decoded nor encoded when one changes, and what H2 caches is as
/// large as it counts.
final class BsonType extends BasicDataType<byte[]> {

    private static final int BYTES_BESIDE = 24;

    @Override
    public int getMemory(byte[] bson) {
        return BYTES_BESIDE + bson.length;
    }

    @Override
    public void write(WriteBuffer page, byte[] bson) {
        page.putVarInt(bson.length).put(bson);
    }

    @Override
    public byte[] read(ByteBuffer page) {
        byte[] bson = new byte[DataUtils.readVarInt(page)];
        page.get(bson);
        return bson;
    }

    @Override
    public byte[][] createStorage(int size) {
        return new byte[size][];
    }
}
