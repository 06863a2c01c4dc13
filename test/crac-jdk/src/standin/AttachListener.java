package standin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import jdk.crac.Core;

/**
 * HotSpot's attach protocol (attachListener_linux.cpp): five strings, each ended by NUL; the answer is the result's code in a line and its text. The
 * socket is there from the start, so that clients need not ask for it by a signal.
 */
final class AttachListener {
    private static final Path SOCKET = Path.of("/tmp/.java_pid" + ProcessHandle.current().pid());
    private static ServerSocketChannel server;

    private AttachListener() {
    }

    static void start() {
        try {
            open();
        } catch (IOException e) {
            System.err.println("attach listener: " + e);
            return;
        }
        Thread thread = new Thread(AttachListener::serve, "Attach Listener");
        thread.setDaemon(true);
        thread.start();
    }

    private static synchronized void open() throws IOException {
        Files.deleteIfExists(SOCKET);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(SOCKET));
        Files.setPosixFilePermissions(SOCKET, PosixFilePermissions.fromString("rw-------"));
    }

    /** A checkpoint finds no socket of ours, nor a file of it. */
    static synchronized void close() throws IOException {
        if (server != null) server.close();
        server = null;
        Files.deleteIfExists(SOCKET);
    }

    private static void serve() {
        while (true) {
            SocketChannel client;
            try {
                ServerSocketChannel current;
                synchronized (AttachListener.class) {
                    if (server == null) open();
                    current = server;
                }
                client = current.accept();
            } catch (ClosedChannelException e) {
                continue; // an app that asked for its checkpoint itself
            } catch (IOException e) {
                System.err.println("attach listener: " + e);
                return;
            }
            try {
                answer(client);
            } catch (IOException e) {
                // A client that only looked whether somebody listens, as jcmd does first.
            }
        }
    }

    private static void answer(SocketChannel client) throws IOException {
        try (client) {
            String[] words = read(client);
            if (!words[1].equals("jcmd")) {
                reply(client, "101\nOperation not supported\n");
            } else if (words[2].equals("JDK.checkpoint")) {
                checkpoint(client);
            } else if (words[2].equals("VM.version")) {
                reply(client, "0\n" + System.getProperty("java.vm.name") + " version " + System.getProperty("java.vm.version") + "\nJDK "
                    + System.getProperty("java.version") + "\n");
            } else {
                reply(client, "1\njava.lang.IllegalArgumentException: Unknown diagnostic command\n");
            }
        }
    }

    private static void checkpoint(SocketChannel client) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(text, true, StandardCharsets.UTF_8);
        boolean[] replied = new boolean[1];
        try {
            Checkpoint.run((GlobalContext) Core.getGlobalContext(), () -> {
                reply(client, "0\nCR: Checkpoint ...\n");
                client.close();
                replied[0] = true;
            });
        } catch (Exception e) {
            print.println("An exception during a checkpoint operation:");
            e.printStackTrace(print);
            if (replied[0]) System.out.print(text.toString(StandardCharsets.UTF_8));
            else reply(client, "0\n" + text.toString(StandardCharsets.UTF_8));
        }
    }

    private static String[] read(SocketChannel client) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteBuffer one = ByteBuffer.allocate(1);
        String[] words = new String[5];
        for (int found = 0; found < words.length;) {
            one.clear();
            if (client.read(one) < 0) throw new IOException("the client is gone");
            if (one.get(0) != 0) {
                bytes.write(one.get(0));
                continue;
            }
            words[found++] = bytes.toString(StandardCharsets.UTF_8);
            bytes.reset();
        }
        return words;
    }

    private static void reply(SocketChannel client, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) client.write(bytes);
    }
}
