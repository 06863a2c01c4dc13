package io.github.cracbake.context.jdk;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;

/** The memory of this process, read through the kernel: a page that has just gone is an error there and not a crash. */
final class OwnMemory implements Closeable {
    /** No more than the JDK reads without memory of its own from malloc. */
    private static final int PIECE = 8192;

    /** One mapping of {@code /proc/self/maps}. */
    static final class Range {
        final long from;
        final long to;
        final boolean writable;
        /** Empty where there is no file behind it. */
        final String path;

        Range(String line) {
            String[] fields = line.trim().split(" +", 6);
            int dash = fields[0].indexOf('-');
            from = Long.parseUnsignedLong(fields[0].substring(0, dash), 16);
            to = Long.parseUnsignedLong(fields[0].substring(dash + 1), 16);
            writable = fields[1].startsWith("rw");
            path = fields.length < 6 ? "" : fields[5];
        }

        long bytes() {
            return to - from;
        }
    }

    private final RandomAccessFile memory = new RandomAccessFile("/proc/self/mem", "r");
    private final byte[] piece = new byte[PIECE];

    OwnMemory() throws IOException {
    }

    @Override
    public void close() throws IOException {
        memory.close();
    }

    List<Range> ranges() throws IOException {
        List<Range> ranges = new ArrayList<>();
        for (String line : Files.readAllLines(Paths.get("/proc/self/maps"), StandardCharsets.UTF_8)) {
            ranges.add(new Range(line));
        }
        return ranges;
    }

    /** Hands over a mapping piece by piece, each with the address of its first byte; a piece begins with the last bytes of the one before. */
    void read(Range range, int overlap, Visitor visitor) throws IOException {
        for (long at = range.from; at < range.to; at += PIECE - overlap) {
            memory.seek(at);
            int count = memory.read(piece, 0, (int) Math.min(PIECE, range.to - at));
            if (count <= 0 || visitor.take(at, piece, count)) {
                return;
            }
        }
    }

    /** Takes a piece of memory. */
    interface Visitor {
        /** Whether that was enough. */
        boolean take(long address, byte[] piece, int bytes);
    }
}
