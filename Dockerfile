# One image per service. Build the jars first (mvn -DskipTests package), then
#   docker build --build-arg SERVICE=turn-dispatcher -t turnstream/turn-dispatcher .
FROM eclipse-temurin:25-jre

RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin turnstream \
 && install -d -o turnstream -g turnstream /data /data/images /data/state

ARG SERVICE
COPY deploy/healthy.sh /usr/local/bin/healthy
COPY deploy/start.sh /usr/local/bin/start
COPY ${SERVICE}/target/quarkus-app /app

USER 10001
WORKDIR /data
EXPOSE 8080

HEALTHCHECK --interval=5s --timeout=5s --start-period=240s --retries=6 CMD ["bash", "/usr/local/bin/healthy"]

# Further options for the JVM: JDK_JAVA_OPTIONS. The JVM is the first process, so it gets the signals.
ENTRYPOINT ["bash", "/usr/local/bin/start", "/data/tmp", "java", "-Djava.io.tmpdir=/data/tmp", \
  "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "-Duser.language=en", "-Duser.country=US", "--enable-native-access=ALL-UNNAMED", \
  "--sun-misc-unsafe-memory-access=allow", "-Djava.util.logging.manager=org.jboss.logmanager.LogManager", \
  "-jar", "/app/quarkus-run.jar"]
