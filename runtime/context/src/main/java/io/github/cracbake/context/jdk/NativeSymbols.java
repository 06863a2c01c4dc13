package io.github.cracbake.context.jdk;

import java.lang.reflect.Method;

/**
 * Addresses of symbols in the process. The JDK's own look-up calls {@code dlsym(handle, name)}; with the handle 0, which is
 * {@code RTLD_DEFAULT} in glibc and musl, it searches everything that is loaded.
 */
final class NativeSymbols {
    private NativeSymbols() {
    }

    /** 0 when there is none. */
    static long find(String symbol) throws ReflectiveOperationException {
        try {
            // 21 to 25
            Method find = Class.forName("jdk.internal.loader.NativeLibrary").getDeclaredMethod("findEntry0", long.class, String.class);
            return (Long) accessible(find).invoke(null, 0L, symbol);
        } catch (ClassNotFoundException | NoSuchMethodException older) {
            return findOnOlder(symbol);
        }
    }

    private static long findOnOlder(String symbol) throws ReflectiveOperationException {
        NativeMemory memory = new NativeMemory();
        try {
            // 17
            Class<?> library = Class.forName("jdk.internal.loader.NativeLibraries$NativeLibraryImpl");
            Method find = Class.forName("jdk.internal.loader.NativeLibraries").getDeclaredMethod("findEntry0", library, String.class);
            return (Long) accessible(find).invoke(null, memory.zeroed(library), symbol);
        } catch (ClassNotFoundException | NoSuchMethodException older) {
            // 11
            Class<?> library = Class.forName("java.lang.ClassLoader$NativeLibrary");
            return (Long) accessible(library.getDeclaredMethod("findEntry", String.class)).invoke(memory.zeroed(library), symbol);
        }
    }

    private static Method accessible(Method method) {
        method.setAccessible(true);
        return method;
    }
}
