package org.example.servers;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

public final class VertxServer {
    public static void main(String[] arguments) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        if (!vertx.isNativeTransportEnabled()) {
            throw new IllegalStateException("no native transport", vertx.unavailableNativeTransportCause());
        }
        vertx.setPeriodic(100, timer -> Answers.TICKS.incrementAndGet());
        vertx.createHttpServer().requestHandler(request -> request.response().end(Answers.to(request.path()))).listen(8080);
    }
}
