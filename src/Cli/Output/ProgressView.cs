using System.Diagnostics;
using Spectre.Console;

namespace VerSemi.Cli.Output;

/// <summary>Where long work tells how far it is.</summary>
internal interface IProgressView
{
    /// <param name="headline">What is being done.</param>
    /// <param name="detail">How far it is, in words.</param>
    /// <param name="share">0…1; null: unknown.</param>
    void Show(string headline, string? detail = null, double? share = null);
}

internal static class ProgressView
{
    /// <summary>A moving bar on a terminal; elsewhere a line for each new headline and every ten seconds; nothing with --json.</summary>
    public static async Task<T> WithProgressAsync<T>(this Out output, Func<IProgressView, Task<T>> work)
    {
        if (!output.IsLive)
            return await work(new Lines(output));
        return await output.Console.Progress().AutoClear(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(context => work(new Bar(context.AddTask("…"))));
    }

    private sealed class Bar(ProgressTask task) : IProgressView
    {
        public void Show(string headline, string? detail, double? share)
        {
            task.Description = Markup.Escape(detail is null ? headline : $"{headline}: {detail}");
            task.IsIndeterminate = share is null;
            task.Value = 100 * Math.Clamp(share ?? 0, 0, 1);
        }
    }

    private sealed class Lines(Out output) : IProgressView
    {
        private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private string? _headline, _detail;
        private TimeSpan _last;

        public void Show(string headline, string? detail, double? share)
        {
            if (headline == _headline && (detail == _detail || _clock.Elapsed - _last < Pause))
                return;
            (_headline, _detail, _last) = (headline, detail, _clock.Elapsed);
            output.Line(detail is null ? headline : $"{headline}: {detail}");
        }
    }
}
