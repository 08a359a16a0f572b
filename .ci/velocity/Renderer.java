import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.Option;
import com.jayway.jsonpath.spi.json.JsonProvider;
import com.jayway.jsonpath.spi.json.JsonSmartJsonProvider;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import net.minidev.json.JSONStyle;
import net.minidev.json.JSONValue;
import org.apache.commons.lang.StringEscapeUtils;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;
import org.apache.velocity.app.event.EventCartridge;
import org.apache.velocity.app.event.InvalidReferenceEventHandler;
import org.apache.velocity.context.Context;
import org.apache.velocity.runtime.log.NullLogChute;
import org.apache.velocity.util.introspection.Info;

/**
 * Renders mapping templates in Apache Velocity 1.7, which API Gateway's page names: {@code java -cp 'FOLDER/*' Renderer.java}.
 *
 * <p>Reads a case per line, {@code {"template", "body", "params": {"path", "querystring", "header"}, "context"}},
 * and writes {@code {"output", "responseOverride"}} or {@code {"error"}} for each.
 *
 * <p>A plain engine knows neither {@code $input} and {@code $util} nor two habits recorded on AWS: an invalid reference is an
 * empty text, so {@code #if} takes its branch, and neither {@code #macro} nor {@code #evaluate} does anything.
 */
class Renderer {
  private static final JsonProvider JSON = new JsonSmartJsonProvider();
  private static final Configuration PATHS =
      Configuration.builder().jsonProvider(JSON).options(Option.SUPPRESS_EXCEPTIONS).build();

  public static void main(String[] arguments) throws Exception {
    var engine = engine();
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = in.readLine()) != null; ) out.println(JSON.toJson(render(engine, map(JSON.parse(line)))));
  }

  private static VelocityEngine engine() throws Exception {
    var engine = new VelocityEngine();
    engine.setProperty("runtime.log.logsystem.class", NullLogChute.class.getName());
    engine.setProperty("velocimacro.library", "");
    engine.setProperty("velocimacro.permissions.allow.inline", false);
    engine.init();
    engine.removeDirective("evaluate");
    return engine;
  }

  private static Map<String, Object> render(VelocityEngine engine, Map<String, Object> request) {
    var context = new VelocityContext();
    var gateway = map(request.get("context"));
    var responseOverride = new LinkedHashMap<String, Object>(Map.of("header", new LinkedHashMap<>()));
    gateway.put("responseOverride", responseOverride);
    gateway.put("requestOverride", map(JSON.parse("{\"header\":{},\"path\":{},\"querystring\":{}}")));
    context.put("context", gateway);
    context.put("util", new Util());
    context.put("input", new Input((String) request.getOrDefault("body", "{}"), map(request.get("params"))));
    var cartridge = new EventCartridge();
    cartridge.addEventHandler(new EmptyText());
    context.attachEventCartridge(cartridge);
    var output = new StringWriter();
    try {
      engine.evaluate(context, output, "template", (String) request.get("template"));
      return Map.of("output", output.toString(), "responseOverride", responseOverride);
    } catch (Exception error) {
      return Map.of("error", String.valueOf(error.getMessage()));
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return value == null ? new LinkedHashMap<>() : (Map<String, Object>) value;
  }

  /** What a reference without a value stands for. */
  public static class EmptyText implements InvalidReferenceEventHandler {
    public Object invalidGetMethod(Context c, String reference, Object object, String property, Info info) {
      return "";
    }

    public boolean invalidSetMethod(Context c, String left, String right, Info info) {
      return false;
    }

    public Object invalidMethod(Context c, String reference, Object object, String method, Info info) {
      return "";
    }
  }

  /** {@code $input}, over Jayway's JSONPath. */
  public static class Input {
    private final String body;
    private final Map<String, Object> params;

    Input(String body, Map<String, Object> params) {
      this.body = body;
      this.params = params;
    }

    public String getBody() {
      return body;
    }

    public Object path(String path) {
      return JsonPath.using(PATHS).parse(body).read(path);
    }

    public String json(String path) {
      Object value = path(path);
      return JSONValue.toJSONString(value == null ? "" : value, JSONStyle.LT_COMPRESS);
    }

    public Map<String, Object> params() {
      return params;
    }

    public Object params(String name) {
      for (var kind : new String[] {"path", "querystring", "header"})
        if (map(params.get(kind)).containsKey(name)) return map(params.get(kind)).get(name);
      return "";
    }
  }

  /** {@code $util}. */
  public static class Util {
    public String escapeJavaScript(String text) {
      return StringEscapeUtils.escapeJavaScript(text);
    }

    public Object parseJson(String text) {
      return JSON.parse(text);
    }

    public String urlEncode(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    public String urlDecode(String text) {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    public String base64Encode(String text) {
      return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    public String base64Decode(String text) {
      return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }
  }
}
