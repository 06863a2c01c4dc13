package org.example.servers;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;

public final class JettyServer {
    public static void main(String[] arguments) throws Exception {
        Server server = new Server(8080);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                Content.Sink.write(response, true, Answers.to(Request.getPathInContext(request)), callback);
                return true;
            }
        });
        server.start();
    }
}
