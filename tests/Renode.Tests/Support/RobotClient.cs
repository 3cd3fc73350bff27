using System.Text;

namespace RenodeUvmem.Renode.Tests.Support;

/// <summary>
/// Renode's keywords for Robot Framework, called without Robot Framework. Names are matched as it does: case, spaces and underscores do not count, so "Execute Command" is
/// "ExecuteCommand". Arguments may be named: "timeout=10".
/// </summary>
internal sealed class RobotClient : IDisposable
{
    private readonly HttpClient http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Uri server;
    private readonly Dictionary<string, string> names;

    /// <summary>Asks the server at a port of this machine for its keywords.</summary>
    public RobotClient(int port, TimeSpan timeout)
    {
        server = new Uri($"http://localhost:{port}/");
        Keywords = [.. ((IEnumerable<object?>)Call(timeout, "get_keyword_names")!).Cast<string>()];
        names = Keywords.Distinct(Names.Comparer).ToDictionary(name => name, Names.Comparer);
    }

    /// <summary>Names as Renode has them.</summary>
    public IReadOnlyList<string> Keywords { get; }

    /// <summary>Runs a keyword.</summary>
    /// <returns>What it returns: a string, long, double, bool, a list or a dictionary of these, or null.</returns>
    /// <exception cref="KeywordException">It failed, or there is none of that name with such arguments.</exception>
    /// <exception cref="TimeoutException">It did not end in time (of the wall clock); Renode is then still busy with it.</exception>
    public object? Run(TimeSpan timeout, string keyword, params object?[] arguments)
    {
        if (!names.TryGetValue(keyword, out string? name))
            throw new KeywordException($"Renode has no keyword '{keyword}'");
        var result = (IReadOnlyDictionary<string, object?>)Call(timeout, "run_keyword", name, arguments)!;
        if (result["status"] is not "PASS")
            throw new KeywordException($"{keyword}: {result.GetValueOrDefault("error")}");
        return result.GetValueOrDefault("return");
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private object? Call(TimeSpan timeout, string method, params object?[] parameters)
    {
        using var enough = new CancellationTokenSource(timeout);
        using var content = new StringContent(XmlRpc.Request(method, parameters), Encoding.UTF8, "text/xml");
        using var request = new HttpRequestMessage(HttpMethod.Post, server) { Content = content };
        try
        {
            using HttpResponseMessage response = http.Send(request, enough.Token);
            using var reader = new StreamReader(response.EnsureSuccessStatusCode().Content.ReadAsStream(enough.Token));
            return XmlRpc.Answer(reader.ReadToEnd());
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"no answer within {timeout.TotalSeconds:0} s to {method} {string.Join(' ', parameters.OfType<string>())}");
        }
    }
}
