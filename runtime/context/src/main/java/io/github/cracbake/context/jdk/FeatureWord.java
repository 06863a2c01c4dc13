package io.github.cracbake.context.jdk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * HotSpot's word of processor features ({@code _features} in vm_version_x86.hpp, JDK 18 to 25), by which it decides which instructions it
 * executes and compiles. Nothing exports its address; but its value is known from the names that the JVM lists, and stands in the writable data of
 * libjvm once or, where the JVM keeps what CPUID said, twice.
 */
final class FeatureWord {
    /** The names in the order of their bits. Later ones, which may differ between versions, do not come with those that are cleared. */
    private static final List<String> BITS = Arrays.asList(
            "cx8", "cmov", "fxsr", "ht", "mmx", "3dnowpref", "sse", "sse2", "sse3", "ssse3", "sse4a", "sse4.1", "sse4.2", "popcnt", "lzcnt", "tsc",
            "tscinvbit", "tscinv", "avx", "avx2", "aes", "erms", "clmul", "bmi1", "bmi2", "rtm", "adx", "avx512f", "avx512dq", "avx512pf", "avx512er",
            "avx512cd", "avx512bw", "avx512vl", "sha", "fma", "vzeroupper", "avx512_vpopcntdq", "avx512_vpclmulqdq", "avx512_vaes", "avx512_vnni",
            "clflush", "clflushopt", "clwb", "avx512_vbmi2", "avx512_vbmi", "hv", "serialize", "rdtscp", "rdpid", "fsrm", "gfni", "avx512_bitalg",
            "f16c", "pku", "ospke", "cet_ibt", "cet_ss", "avx512_ifma", "avx_ifma", "apx_f", "sha512", "avx512_fp16", "avx10_1");
    /** More would be something else. */
    private static final int MOST = 2;

    private FeatureWord() {
    }

    /** Whether the word was found and the features cleared in it. Nothing is changed where there is a doubt. */
    static boolean clear(List<String> listed, Collection<String> unwanted) throws ReflectiveOperationException {
        if (!BITS.containsAll(listed)) {
            return false;
        }
        long word = bits(listed);
        NativeMemory memory = new NativeMemory();
        List<Long> found = new ArrayList<>();
        try {
            for (long[] range : writableData()) {
                find(word, range, memory, found);
            }
        } catch (IOException unreadable) {
            return false;
        }
        if (found.isEmpty() || found.size() > MOST) {
            return false;
        }
        for (long address : found) {
            memory.putAddress(address, word & ~bits(unwanted));
        }
        return true;
    }

    static long bits(Collection<String> names) {
        long word = 0;
        for (String name : names) {
            word |= 1L << BITS.indexOf(name);
        }
        return word;
    }

    private static void find(long word, long[] range, NativeMemory memory, List<Long> found) throws ReflectiveOperationException {
        byte[] bytes = new byte[(int) (range[1] - range[0])];
        memory.copy(range[0], bytes);
        ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        for (int at = 0; at + Long.BYTES <= bytes.length; at += Long.BYTES) {
            if (words.getLong(at) == word) {
                found.add(range[0] + at);
            }
        }
    }

    /** From and to of libjvm's writable mappings, and of the anonymous one right behind them, which is its zero-initialised data. */
    private static List<long[]> writableData() throws IOException {
        List<long[]> ranges = new ArrayList<>();
        long end = 0;
        for (String line : Files.readAllLines(Paths.get("/proc/self/maps"), StandardCharsets.UTF_8)) {
            String[] fields = line.trim().split(" +", 6);
            int dash = fields[0].indexOf('-');
            long from = Long.parseUnsignedLong(fields[0].substring(0, dash), 16);
            boolean ofJvm = fields.length == 6 && fields[5].endsWith("/libjvm.so");
            boolean behind = fields.length == 5 && from == end;
            end = ofJvm ? Long.parseUnsignedLong(fields[0].substring(dash + 1), 16) : 0;
            if ((ofJvm || behind) && fields[1].startsWith("rw")) {
                ranges.add(new long[] {from, Long.parseUnsignedLong(fields[0].substring(dash + 1), 16)});
            }
        }
        return ranges;
    }
}
