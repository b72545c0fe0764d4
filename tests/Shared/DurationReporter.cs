using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using VerSemi.Tests.Shared;
using Xunit.Runner.Common;
using Xunit.Sdk;

[assembly: RegisterRunnerReporter(typeof(DurationReporter))]

namespace VerSemi.Tests.Shared;

/// <summary>
/// `-reporter durations`: the default output, and a file (VERSEMI_TEST_DURATIONS) with a line for each test and each fixture:
/// seconds, kind, name, separated by tabs. No report of xunit's own tells the time of fixtures.
/// </summary>
internal sealed class DurationReporter : IRunnerReporter
{
    public bool CanBeEnvironmentallyEnabled => false;
    public string Description => "default output, and the seconds of each test and fixture into $VERSEMI_TEST_DURATIONS";
    public bool ForceNoLogo => false;
    public bool IsEnvironmentallyEnabled => false;
    public string RunnerSwitch => "durations";

    public ValueTask<IRunnerReporterMessageHandler> CreateMessageHandler(IRunnerLogger logger, IMessageSink? diagnosticMessageSink) =>
        new(new Handler(logger));

    /// <summary>The fixtures of a collection are made between its start and that of its first class, those of a class before its first test.</summary>
    private sealed class Handler(IRunnerLogger logger) : DefaultRunnerReporterMessageHandler(logger)
    {
        private const double Least = 0.05;

        private readonly ConcurrentDictionary<string, long> _waiting = new();
        private readonly ConcurrentQueue<(double Seconds, string Kind, string Name)> _rows = new();

        protected override void HandleTestCollectionStarting(MessageHandlerArgs<ITestCollectionStarting> args)
        {
            _waiting[args.Message.TestCollectionUniqueID] = Stopwatch.GetTimestamp();
            base.HandleTestCollectionStarting(args);
        }

        protected override void HandleTestClassStarting(MessageHandlerArgs<ITestClassStarting> args)
        {
            Add(args.Message.TestCollectionUniqueID, "fixture", $"collection of {args.Message.TestClassName}");
            if (args.Message.TestClassUniqueID is { } id)
                _waiting[id] = Stopwatch.GetTimestamp();
            base.HandleTestClassStarting(args);
        }

        protected override void HandleTestStarting(MessageHandlerArgs<ITestStarting> args)
        {
            if (args.Message.TestClassUniqueID is { } id)
                Add(id, "fixture", $"of {args.Message.TestDisplayName}");
            base.HandleTestStarting(args);
        }

        protected override void HandleTestFinished(MessageHandlerArgs<ITestFinished> args)
        {
            var name = MetadataCache.TryGetTestMetadata(args.Message)?.TestDisplayName ?? args.Message.TestUniqueID;
            _rows.Enqueue(((double)args.Message.ExecutionTime, "test", name));
            base.HandleTestFinished(args);
        }

        protected override void HandleTestAssemblyFinished(MessageHandlerArgs<ITestAssemblyFinished> args)
        {
            if (Environment.GetEnvironmentVariable("VERSEMI_TEST_DURATIONS") is { Length: > 0 } file)
                File.WriteAllLines(file, _rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Seconds:0.00}\t{row.Kind}\t{row.Name}")));
            base.HandleTestAssemblyFinished(args);
        }

        private void Add(string id, string kind, string name)
        {
            if (_waiting.TryRemove(id, out var start) && Stopwatch.GetElapsedTime(start).TotalSeconds is > Least and var seconds)
                _rows.Enqueue((seconds, kind, name));
        }
    }
}
