package io.weft.itests.bench;

import io.weft.itests.net.EchoServer;
import io.weft.itests.net.Ports;
import io.weft.itests.process.ProcessFabric;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Request and response of 64 bytes on one connection, straight and through two nodes on the same machine. */
final class Latency implements Benchmark {

  private static final int ROUNDS = 5;
  private static final int REQUESTS = 5_000;
  private static final int WARM_UP = 20_000;
  private static final int SIZE = 64;

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public String about() {
    return "request and response of 64 bytes, beside a direct connection";
  }

  @Override
  public void run(Report report) throws IOException {
    int port = Ports.freeTcp();
    try (EchoServer echo = new EchoServer();
        ProcessFabric fabric = ProcessFabric.of(config -> {
          if (config.name().equals("b")) {
            config.expose("echo", "tcp", echo.address(), "a");
          } else {
            config.forward("echo", "b", "tcp", "127.0.0.1:" + port);
          }
        }, "a", "b").start();
        Socket direct = connect(echo.port());
        Socket through = connect(port)) {
      ask(direct, WARM_UP);
      ask(through, WARM_UP);
      List<Double> directMedian = new ArrayList<>();
      List<Double> throughMedian = new ArrayList<>();
      List<Double> throughP99 = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        double idle = Cpu.awaitIdle();
        double[] near = ask(direct, REQUESTS);
        double[] far = ask(through, REQUESTS);
        directMedian.add(Stats.percentile(near, 50));
        throughMedian.add(Stats.percentile(far, 50));
        throughP99.add(Stats.percentile(far, 99));
        report.sample("round", round, "direct_us_p50", Stats.percentile(near, 50), "direct_us_p99", Stats.percentile(near, 99),
            "weft_us_p50", Stats.percentile(far, 50), "weft_us_p99", Stats.percentile(far, 99), "idle_before", idle);
      }
      report.figure("direct, median", Stats.median(directMedian), "us", "");
      report.figure("through two nodes, median", Stats.median(throughMedian), "us", "");
      report.atMost("what two nodes add at the median", Stats.median(throughMedian) - Stats.median(directMedian), 150, "us");
      report.atMost("through two nodes, 99th percentile", Stats.median(throughP99), 1_000, "us");
    }
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    socket.setTcpNoDelay(true);
    return socket;
  }

  /** Microseconds of each. */
  private static double[] ask(Socket socket, int count) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] message = new byte[SIZE];
    double[] took = new double[count];
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      socket.getOutputStream().write(message);
      in.readFully(message);
      took[i] = (System.nanoTime() - start) / 1e3;
    }
    return took;
  }
}
