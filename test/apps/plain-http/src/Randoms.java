import java.io.File;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;

/** Random numbers of every kind, from generators that were used before a checkpoint and from new ones: two restores show whether they repeat. */
final class Randoms {
    private static final SecureRandom SECURE = new SecureRandom();
    private static final SecureRandom SHA1 = of("SHA1PRNG");
    private static final SecureRandom DRBG = of("DRBG");
    /** The application's own: nothing can find it. */
    private static final Random OWN = new Random();
    private static final ExecutorService OLD_THREAD = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "old thread");
        thread.setDaemon(true);
        return thread;
    });

    private Randoms() {
    }

    private static SecureRandom of(String algorithm) {
        try {
            return SecureRandom.getInstance(algorithm);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static void use() throws Exception {
        json();
    }

    static String json() throws Exception {
        Map<String, Object> numbers = new LinkedHashMap<>();
        numbers.put("uuid", UUID.randomUUID());
        numbers.put("secureOld", SECURE.nextLong());
        numbers.put("secureNew", new SecureRandom().nextLong());
        numbers.put("sha1Old", SHA1.nextLong());
        numbers.put("sha1New", of("SHA1PRNG").nextLong());
        numbers.put("drbgOld", DRBG.nextLong());
        numbers.put("drbgNew", of("DRBG").nextLong());
        Callable<Long> threadLocal = () -> ThreadLocalRandom.current().nextLong();
        numbers.put("oldThread", OLD_THREAD.submit(threadLocal).get());
        FutureTask<Long> task = new FutureTask<>(threadLocal);
        new Thread(task).start();
        numbers.put("newThread", task.get());
        numbers.put("math", Math.random());
        numbers.put("strictMath", StrictMath.random());
        numbers.put("splittable", new SplittableRandom().nextLong());
        numbers.put("random", new Random().nextLong());
        List<Integer> deck = new ArrayList<>();
        for (int i = 0; i < 60; i++) deck.add(i);
        Collections.shuffle(deck);
        numbers.put("shuffle", deck.toString());
        File file = File.createTempFile("random", "");
        numbers.put("file", file.getName());
        file.delete();
        try {
            Class<?> type = Class.forName("java.util.random.RandomGenerator");
            Object generator = type.getMethod("getDefault").invoke(null);
            numbers.put("generator", type.getMethod("nextLong").invoke(generator));
        } catch (ClassNotFoundException olderThan17) {
            numbers.put("generator", new SecureRandom().nextLong());
        }
        numbers.put("own", OWN.nextLong());
        StringBuilder json = new StringBuilder();
        numbers.forEach((name, value) -> json.append(json.length() == 0 ? '{' : ',').append('"').append(name).append("\":\"").append(value).append('"'));
        return json.append("}\n").toString();
    }
}
