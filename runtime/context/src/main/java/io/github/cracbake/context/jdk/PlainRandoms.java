package io.github.cracbake.context.jdk;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** The JDK's own generators that are not secure ones, and the counters that new ones are seeded from. */
final class PlainRandoms {
    private static final String[] HOLDERS = {"java.lang.Math$RandomNumberGeneratorHolder", "java.lang.StrictMath$RandomNumberGeneratorHolder"};
    private static final String[][] COUNTERS = {
        {"java.util.Random", "seedUniquifier"},
        {"java.util.SplittableRandom", "defaultGen"},
        {"java.util.concurrent.ThreadLocalRandom", "seeder"},
    };

    private final Initialised initialised;
    private final List<StaticField> holders = new ArrayList<>();
    private final List<StaticField> counters = new ArrayList<>();
    private final StaticField shuffle;
    private final Method threads = Reflect.method(Thread.class, "getThreads");
    private final Field threadSeed = Reflect.field(Thread.class, "threadLocalRandomSeed");

    PlainRandoms(Initialised initialised) throws ReflectiveOperationException {
        this.initialised = initialised;
        for (String holder : HOLDERS) {
            holders.add(new StaticField(initialised, holder, "randomNumberGenerator"));
        }
        for (String[] counter : COUNTERS) {
            counters.add(new StaticField(initialised, counter[0], counter[1]));
        }
        shuffle = new StaticField(initialised, "java.util.Collections", "r");
    }

    /** The families of RandomGenerator (17 and later): one counter each, in classes that are there only once they are used. */
    void addFamilies(Class<?>[] loaded) throws ReflectiveOperationException {
        for (Class<?> type : loaded) {
            String name = type.getName();
            if (type.getModule().isNamed() && (name.startsWith("jdk.random.") || name.startsWith("jdk.internal.random."))) {
                for (Field field : type.getDeclaredFields()) {
                    if (field.getName().equals("defaultGen") && field.getType() == AtomicLong.class) {
                        counters.add(new StaticField(initialised, type, field.getName()));
                    }
                }
            }
        }
    }

    void reseed(Entropy entropy) throws ReflectiveOperationException, IOException {
        for (StaticField counter : counters) {
            AtomicLong value = (AtomicLong) counter.get();
            if (value != null) {
                value.set(entropy.nextLong());
            }
        }
        for (StaticField holder : holders) {
            Random random = (Random) holder.get();
            if (random != null) {
                random.setSeed(entropy.nextLong());
            }
        }
        shuffle.set(null);
        for (Thread thread : (Thread[]) threads.invoke(null)) {
            threadSeed.setLong(thread, entropy.nextLong());
        }
    }
}
