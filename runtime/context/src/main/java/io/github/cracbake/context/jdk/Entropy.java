package io.github.cracbake.context.jdk;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Bytes of the kernel's, not by way of anything in the JVM that was frozen. Plain java.io, opened for one refresh. */
final class Entropy implements AutoCloseable {
    private static final String SOURCE = "/dev/urandom";
    private static final int BLOCK = 1024;

    private final InputStream in = new FileInputStream(SOURCE);
    private final byte[] block = new byte[BLOCK];
    private int used = BLOCK;

    Entropy() throws IOException {
    }

    byte[] bytes(int count) throws IOException {
        if (used + count > BLOCK) {
            if (in.readNBytes(block, 0, BLOCK) != BLOCK) {
                throw new IOException(SOURCE + " ended");
            }
            used = 0;
        }
        byte[] bytes = new byte[count];
        System.arraycopy(block, used, bytes, 0, count);
        used += count;
        return bytes;
    }

    long nextLong() throws IOException {
        long value = 0;
        for (byte b : bytes(Long.BYTES)) {
            value = value << Byte.SIZE | b & 0xff;
        }
        return value;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
