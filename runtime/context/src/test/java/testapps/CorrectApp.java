package testapps;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TimeZone;
import java.util.Timer;
import java.util.TimerTask;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import testapps.io.netty.util.concurrent.AbstractScheduledEventExecutor;

/** An app whose state goes stale in a restore; answers questions about it line by line. */
public final class CorrectApp {
    static final Random SEEDED = new Random(42);
    private static final Map<String, AtomicInteger> RUNS = new ConcurrentHashMap<>();
    private static final List<Object> HELD = new ArrayList<>();

    private CorrectApp() {
    }

    public static void main(String[] arguments) throws Exception {
        SecureRandom used = SecureRandom.getInstance("SHA1PRNG");
        used.nextInt();
        SecureRandom fresh = SecureRandom.getInstance("SHA1PRNG");
        SecureRandom copy = copy(used);
        TimeZone.getDefault();
        System.out.println("started");
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "same":
                        fresh.setSeed(7);
                        System.out.println("same " + (used.nextLong() == copy.nextLong()) + " " + fresh.nextInt());
                        break;
                    case "provider":
                        System.out.println("provider " + new SecureRandom().getProvider() + " " + new SecureRandom().getAlgorithm());
                        break;
                    case "property":
                        System.out.println("property " + System.getProperty(words[1]));
                        break;
                    case "zone":
                        System.out.println("zone " + TimeZone.getDefault().getID());
                        break;
                    case "set-zone":
                        TimeZone.setDefault(TimeZone.getTimeZone(words[1]));
                        System.out.println("set " + words[1]);
                        break;
                    case "resolve":
                        System.out.println("resolved " + InetAddress.getByName(words[1]));
                        break;
                    case "schedule":
                        schedule(Long.parseLong(words[1]));
                        System.out.println("scheduled");
                        break;
                    case "schedule-in-loop":
                        HELD.add(EventLoopTasks.schedule(Long.parseLong(words[1])));
                        System.out.println("scheduled");
                        break;
                    case "unlike-loop":
                        Thread unlike = new Thread(new AbstractScheduledEventExecutor()::run, "unlike");
                        unlike.setDaemon(true);
                        unlike.start();
                        System.out.println("started");
                        break;
                    case "schedule-pausing":
                        Pausing pausing = new Pausing();
                        HELD.add(pausing);
                        Core.getGlobalContext().register(pausing);
                        pausing.scheduleAtFixedRate(new Counting("pausing"), 20, 20, TimeUnit.MILLISECONDS);
                        System.out.println("scheduled");
                        break;
                    case "runs":
                        System.out.println("runs " + new TreeMap<>(RUNS));
                        break;
                    case "pool":
                        System.out.println("pool " + ForkJoinPool.commonPool().getParallelism());
                        break;
                    case "refill":
                        Refilling pool = new Refilling();
                        HELD.add(pool);
                        Core.getGlobalContext().register(pool);
                        System.out.println("registered");
                        break;
                    case "hang-after":
                        Hanging hanging = new Hanging();
                        HELD.add(hanging);
                        Core.getGlobalContext().register(hanging);
                        System.out.println("registered");
                        break;
                    default:
                        throw new IllegalArgumentException(line);
                }
            }
        }
    }

    private static SecureRandom copy(SecureRandom random) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(random);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (SecureRandom) in.readObject();
        }
    }

    private static void schedule(long period) {
        ScheduledExecutorService executor = Executors.newScheduledThreadPool(2, task -> {
            Thread thread = new Thread(task, "scheduled");
            thread.setDaemon(true);
            return thread;
        });
        executor.scheduleAtFixedRate(new Counting("rate"), period, period, TimeUnit.MILLISECONDS);
        executor.scheduleWithFixedDelay(new Counting("delay"), period, period, TimeUnit.MILLISECONDS);
        executor.schedule(new Counting("once"), 1, TimeUnit.SECONDS);
        Timer timer = new Timer("timer", true);
        timer.scheduleAtFixedRate(new TimerTask() {
            @Override
            public void run() {
                new Counting("timer").run();
            }
        }, period, period);
        HELD.add(executor);
    }

    static final class Counting implements Runnable {
        private final String name;

        Counting(String name) {
            this.name = name;
        }

        @Override
        public void run() {
            RUNS.computeIfAbsent(name, any -> new AtomicInteger()).incrementAndGet();
        }
    }

    /** As HikariCP's pool, which begins to fill itself again when Spring has emptied it. */
    private static final class Refilling implements Resource {
        private static final int SIZE = 20;
        private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

        private final ScheduledExecutorService expiry = Executors.newScheduledThreadPool(1, task -> {
            Thread thread = new Thread(task, "expiry");
            thread.setDaemon(true);
            return thread;
        });

        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) {
            Thread filler = new Thread(this::fill, "filler");
            filler.setDaemon(true);
            filler.start();
        }

        @Override
        public void afterRestore(Context<? extends Resource> context) {
        }

        private void fill() {
            for (int i = 0; i < SIZE; i++) {
                // Time of the processor's, of which a busy machine gives it less.
                for (long end = THREADS.getCurrentThreadCpuTime() + 3_000_000; THREADS.getCurrentThreadCpuTime() < end;) {
                    Thread.onSpinWait();
                }
                expiry.schedule(new Counting("expired"), 1, TimeUnit.HOURS);
                new Counting("filled").run();
                try {
                    Thread.sleep(20);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
    }

    /** As Spring's schedulers: from its hook on, a thread that has taken a task waits with it until after the restore. */
    private static final class Pausing extends ScheduledThreadPoolExecutor implements Resource {
        private volatile CountDownLatch paused = new CountDownLatch(0);

        Pausing() {
            super(1, task -> {
                Thread thread = new Thread(task, "pausing");
                thread.setDaemon(true);
                return thread;
            });
        }

        @Override
        protected void beforeExecute(Thread thread, Runnable task) {
            try {
                paused.await();
            } catch (InterruptedException e) {
                thread.interrupt();
            }
        }

        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) throws Exception {
            paused = new CountDownLatch(1);
            // Long enough for the task to be due, and taken out of the queue.
            Thread.sleep(100);
        }

        @Override
        public void afterRestore(Context<? extends Resource> context) {
            paused.countDown();
        }
    }

    private static final class Hanging implements Resource {
        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) {
            // Only the way back fails.
        }

        @Override
        public void afterRestore(Context<? extends Resource> context) throws Exception {
            new CountDownLatch(1).await();
        }
    }
}
