using System.Diagnostics;

namespace VerSemi.TestKit;

/// <summary>Waits for what must become true: tests never sleep for a time that is hoped to be enough.</summary>
public static class Eventually
{
    /// <summary>How long a test waits for what should soon be so. Long, since it only costs where the test fails: machines were seen to stand still for a minute.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static Task<T> GetAsync<T>(string what, Func<Task<T?>> probe, CancellationToken cancellation = default) where T : class =>
        GetAsync(what, Patience, probe, cancellation);

    public static Task TrueAsync(string what, Func<Task<bool>> probe, CancellationToken cancellation = default) =>
        TrueAsync(what, Patience, probe, cancellation);

    /// <summary>Asks again until the probe answers something; fails with <paramref name="what"/> and the last error when the time is over.</summary>
    public static async Task<T> GetAsync<T>(string what, TimeSpan within, Func<Task<T?>> probe, CancellationToken cancellation = default) where T : class
    {
        var clock = Stopwatch.StartNew();
        Exception? last = null;
        while (clock.Elapsed < within)
        {
            try
            {
                if (await probe() is { } found)
                    return found;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException && !cancellation.IsCancellationRequested)
            {
                last = e;
            }
            await Task.Delay(Pause, cancellation);
        }
        throw new TimeoutException($"Not within {within.TotalSeconds:0.#} s: {what}.", last);
    }

    /// <summary>Whether it becomes true within a second: for what is sent again where it was lost.</summary>
    public static async Task<bool> IsSoonTrueAsync(Func<bool> probe, CancellationToken cancellation = default)
    {
        var clock = Stopwatch.StartNew();
        while (!probe() && clock.Elapsed < Soon)
            await Task.Delay(Pause, cancellation);
        return probe();
    }

    public static Task TrueAsync(string what, TimeSpan within, Func<Task<bool>> probe, CancellationToken cancellation = default) =>
        GetAsync(what, within, async () => await probe() ? "true" : null, cancellation);
}
