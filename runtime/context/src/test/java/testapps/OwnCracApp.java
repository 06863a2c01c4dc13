package testapps;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;

/**
 * Runs {@link HookApp} in a class loader that looks into its own jars first, as that of a servlet container does. Arguments: the jars and
 * folders.
 */
public final class OwnCracApp {
    private OwnCracApp() {
    }

    public static void main(String[] arguments) throws Exception {
        URL[] urls = new URL[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            urls[i] = new File(arguments[i]).toURI().toURL();
        }
        ChildFirstLoader loader = new ChildFirstLoader(urls);
        Thread.currentThread().setContextClassLoader(loader);
        loader.loadClass("testapps.HookApp").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    }

    static final class ChildFirstLoader extends URLClassLoader {
        ChildFirstLoader(URL[] urls) {
            super(urls, OwnCracApp.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded == null && (name.startsWith("org.crac.") || name.startsWith("testapps."))) {
                    loaded = findClass(name);
                }
                return loaded == null ? super.loadClass(name, resolve) : loaded;
            }
        }
    }
}
