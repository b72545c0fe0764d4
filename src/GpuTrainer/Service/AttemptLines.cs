namespace VerSemi.GpuTrainer.Service;

/// <summary>The last lines of one attempt's log.</summary>
internal sealed class AttemptLines
{
    public const int Most = 200;

    private readonly Queue<string> _lines = [];

    /// <summary>Counts every line that ever was.</summary>
    public long Count { get; private set; }

    public string Text
    {
        get
        {
            lock (_lines)
                return string.Join('\n', _lines) + '\n';
        }
    }

    public void Add(string line)
    {
        lock (_lines)
        {
            Count++;
            _lines.Enqueue(line);
            if (_lines.Count > Most)
                _lines.Dequeue();
        }
    }
}
