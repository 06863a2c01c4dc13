package io.github.cracbake.context.jdk;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.security.InvalidParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandomSpi;
import java.security.Security;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The generators of the provider SUN that calculate: SHA1PRNG, DRBG and the seeders behind them. After a restore they go on where the checkpoint
 * was, in every restored process alike.
 *
 * <p>The services inside SUN are replaced by ones that remember, weakly, what they made. The generators stay SUN's own, and the list of providers
 * stays as it is.
 */
final class TrackedRandoms {
    private static final String SECURE_RANDOM = "SecureRandom";
    private static final String PACKAGE = "sun.security.provider.";
    private static final int SEED = 32;

    private final Set<SecureRandomSpi> made = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    private final Class<?> sha1Type = Reflect.bootClass(PACKAGE + "SecureRandom");
    private final Class<?> drbgType = Reflect.bootClass(PACKAGE + "DRBG");
    private final Field sha1State = Reflect.field(sha1Type, "state");
    private final Method setSeed = Reflect.method(SecureRandomSpi.class, "engineSetSeed", byte[].class);
    /** What calculates in a DRBG. */
    private final Class<?> mechanism = Reflect.bootClass(PACKAGE + "AbstractDrbg");
    private final Field drbgMechanism = Reflect.field(drbgType, "impl");
    private final Method setMechanismSeed = Reflect.method(mechanism, "engineSetSeed", byte[].class);
    private final StaticField sha1Seeder;
    private final StaticField drbgSeeder;
    private final List<StaticField> natives = new ArrayList<>();
    private final Field nativeBuffered;
    private final Field nativeLock;

    TrackedRandoms(Initialised initialised) throws ReflectiveOperationException {
        sha1Seeder = new StaticField(initialised, PACKAGE + "SecureRandom$SeederHolder", "seeder");
        drbgSeeder = new StaticField(initialised, PACKAGE + "AbstractDrbg$SeederHolder", "seeder");
        for (String kind : new String[] {"NativePRNG", "NativePRNG$Blocking", "NativePRNG$NonBlocking"}) {
            natives.add(new StaticField(initialised, PACKAGE + kind, "INSTANCE"));
        }
        Class<?> io = Reflect.bootClass(PACKAGE + "NativePRNG$RandomIO");
        nativeBuffered = Reflect.field(io, "buffered");
        nativeLock = Reflect.field(io, "LOCK_GET_BYTES");
        Provider sun = Security.getProvider("SUN");
        if (sun != null) {
            replaceServices(sun);
        }
    }

    /** All of them, in their order: on JDK 11 the first one is the default. */
    private void replaceServices(Provider sun) throws ReflectiveOperationException {
        Method put = Reflect.method(Provider.class, "putService", Provider.Service.class);
        Method aliases = Reflect.method(Provider.Service.class, "getAliases");
        for (Provider.Service service : new ArrayList<>(sun.getServices())) {
            if (service.getType().equals(SECURE_RANDOM)) {
                Map<String, String> attributes = new HashMap<>();
                for (String name : new String[] {"ThreadSafe", "ImplementedIn"}) {
                    if (service.getAttribute(name) != null) {
                        attributes.put(name, service.getAttribute(name));
                    }
                }
                @SuppressWarnings("unchecked")
                List<String> otherNames = new ArrayList<>((List<String>) aliases.invoke(service));
                put.invoke(sun, new Remembering(service, otherNames, attributes));
            }
        }
    }

    /** Gives all of them a new state, and says how many generators of the app these were. */
    int reseed(Entropy entropy) throws ReflectiveOperationException, IOException {
        // First: the others take from these.
        Object sha1 = sha1Seeder.get();
        if (sha1 != null) {
            seed((SecureRandomSpi) sha1, entropy);
        }
        Object drbg = drbgMechanismOfSeeder();
        if (drbg != null) {
            setMechanismSeed.invoke(drbg, (Object) entropy.bytes(SEED));
        }
        for (StaticField instance : natives) {
            dropBuffer(instance.get());
        }
        int count = 0;
        for (SecureRandomSpi random : snapshot()) {
            // One that was not used yet seeds itself when it is; seeded here, it would not take a seed of the app's in place of ours.
            if (random.getClass() != sha1Type || hasState(random)) {
                seed(random, entropy);
                count++;
            }
        }
        return count;
    }

    /**
     * What has to be locked to keep any of these from giving out a number. The seeders come last, since generators ask them while they are locked
     * themselves.
     */
    List<Object> locks() throws ReflectiveOperationException {
        List<Object> locks = new ArrayList<>();
        for (SecureRandomSpi random : snapshot()) {
            locks.add(random.getClass() == sha1Type ? random : drbgMechanism.get(random));
        }
        Object drbg = drbgMechanismOfSeeder();
        if (drbg != null) {
            locks.add(drbg);
        }
        Object sha1 = sha1Seeder.get();
        if (sha1 != null) {
            locks.add(sha1);
        }
        return locks;
    }

    /** The seeder is a lambda around the generator that it captured. */
    private Object drbgMechanismOfSeeder() throws ReflectiveOperationException {
        Object seeder = drbgSeeder.get();
        if (seeder != null) {
            for (Field captured : seeder.getClass().getDeclaredFields()) {
                captured.setAccessible(true);
                Object generator = captured.get(seeder);
                if (mechanism.isInstance(generator)) {
                    return generator;
                }
            }
        }
        return null;
    }

    private List<SecureRandomSpi> snapshot() {
        synchronized (made) {
            return new ArrayList<>(made);
        }
    }

    private boolean hasState(SecureRandomSpi random) throws IllegalAccessException {
        synchronized (random) {
            return sha1State.get(random) != null;
        }
    }

    private void seed(SecureRandomSpi random, Entropy entropy) throws ReflectiveOperationException, IOException {
        setSeed.invoke(random, (Object) entropy.bytes(SEED));
    }

    /** It keeps what it read for 100 ms of the wall clock, which may be behind on the new host. */
    private void dropBuffer(Object io) throws IllegalAccessException {
        if (io != null) {
            synchronized (nativeLock.get(io)) {
                nativeBuffered.setInt(io, 0);
            }
        }
    }

    /** Everything once, on generators of our own. */
    void rehearse(Entropy entropy) throws ReflectiveOperationException, IOException, NoSuchAlgorithmException {
        for (StaticField instance : natives) {
            dropBuffer(instance.get());
        }
        for (String algorithm : new String[] {"SHA1PRNG", "DRBG"}) {
            java.security.SecureRandom own = java.security.SecureRandom.getInstance(algorithm);
            // Twice: SHA1PRNG asks its seeder, and both load what they calculate with.
            own.nextInt();
            own.nextInt();
        }
        reseed(entropy);
    }

    private final class Remembering extends Provider.Service {
        Remembering(Provider.Service service, List<String> aliases, Map<String, String> attributes) {
            super(service.getProvider(), SECURE_RANDOM, service.getAlgorithm(), service.getClassName(), aliases, attributes);
        }

        @Override
        public Object newInstance(Object parameter) throws NoSuchAlgorithmException, InvalidParameterException {
            Object random = super.newInstance(parameter);
            if (random.getClass() == sha1Type || random.getClass() == drbgType) {
                made.add((SecureRandomSpi) random);
            }
            return random;
        }
    }
}
