import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Small loops of what servers do; prints for each how often it ran in a second of processor time. */
public final class Loops {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long SECOND = 1_000_000_000L;
    /** Against the loops being optimised away. */
    private static volatile long sink;

    private interface Loop {
        long run() throws GeneralSecurityException;
    }

    private Loops() {
    }

    public static void main(String[] arguments) throws GeneralSecurityException {
        byte[] block = new byte[16 * 1024];
        new Random(1).nextBytes(block);
        measure("numbers", numbers());
        measure("json", json());
        measure("sort", sort());
        measure("aes-gcm", aesGcm(block));
        measure("sha-256", sha256(block));
        measure("rsa-sign", rsaSign());
        measure("big-multiply", bigMultiply());
    }

    private static void measure(String name, Loop loop) throws GeneralSecurityException {
        rate(loop, 2 * SECOND);
        double best = 0;
        for (int round = 0; round < 3; round++) {
            best = Math.max(best, rate(loop, SECOND / 2));
        }
        System.out.printf("%s %.1f%n", name, best);
    }

    /** Runs a second, by processor time and not by the clock: what else the machine does is not counted. */
    private static double rate(Loop loop, long nanos) throws GeneralSecurityException {
        long start = THREADS.getCurrentThreadCpuTime();
        long runs = 0;
        long spent;
        do {
            sink += loop.run();
            runs++;
            spent = THREADS.getCurrentThreadCpuTime() - start;
        } while (spent < nanos);
        return runs * (double) SECOND / spent;
    }

    private static Loop numbers() {
        float[] a = new float[4096];
        float[] b = new float[4096];
        Arrays.fill(a, 1.5f);
        Arrays.fill(b, 2.5f);
        int[] c = new int[4096];
        return () -> {
            for (int round = 0; round < 50; round++) {
                for (int i = 0; i < a.length; i++) {
                    a[i] = a[i] * 0.5f + b[i];
                    c[i] += i ^ round;
                }
            }
            return c[17] + (long) a[3];
        };
    }

    /** Writes and reads a list of records, as a web service does. */
    private static Loop json() {
        return () -> {
            StringBuilder text = new StringBuilder("[");
            for (int i = 0; i < 200; i++) {
                text.append("{\"id\":").append(i).append(",\"name\":\"customer ").append(i * 31).append("\",\"total\":").append(i * 1.25).append("},");
            }
            byte[] sent = text.append("null]").toString().getBytes(StandardCharsets.UTF_8);
            String received = new String(sent, StandardCharsets.UTF_8);
            List<String> names = new ArrayList<>();
            for (int at = received.indexOf("\"name\":\""); at >= 0; at = received.indexOf("\"name\":\"", at + 1)) {
                int end = received.indexOf('"', at + 8);
                names.add(received.substring(at + 8, end));
            }
            return names.hashCode();
        };
    }

    private static Loop sort() {
        Random random = new Random(2);
        long[] numbers = random.longs(5000).toArray();
        return () -> {
            long[] copy = numbers.clone();
            Arrays.sort(copy);
            return copy[7];
        };
    }

    private static Loop aesGcm(byte[] block) {
        SecretKeySpec key = new SecretKeySpec(new byte[16], "AES");
        byte[] iv = new byte[12];
        return () -> {
            iv[0]++;
            iv[1] += iv[0] == 0 ? 1 : 0;
            iv[2] += iv[0] == 0 && iv[1] == 0 ? 1 : 0;
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, iv));
            return cipher.doFinal(block)[5];
        };
    }

    private static Loop sha256(byte[] block) {
        return () -> MessageDigest.getInstance("SHA-256").digest(block)[5];
    }

    private static Loop rsaSign() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        PrivateKey key = generator.generateKeyPair().getPrivate();
        return () -> {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update((byte) 1);
            return signature.sign()[5];
        };
    }

    private static Loop bigMultiply() {
        BigInteger a = new BigInteger(2048, new Random(3));
        BigInteger b = new BigInteger(2048, new Random(4));
        return () -> a.multiply(b).bitLength();
    }
}
