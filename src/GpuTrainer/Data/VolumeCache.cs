using VerSemi.Domain.Recipes;
using VerSemi.Imaging.Preprocessing;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Data;

/// <summary>
/// Prepared volumes, kept decoded in memory up to a bound; the least recently used are decoded again when they are
/// asked for. Two threads that ask for the same volume share one decoding.
/// </summary>
/// <param name="rules">By modality; every modality of the run has one.</param>
public sealed class VolumeCache(IBlobStore store, IReadOnlyDictionary<string, ModalityPreprocessing> rules, long limitBytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _recent = [];
    private long _bytes;

    private sealed record Entry(string Name, Task<PreparedVolume> Volume)
    {
        public long Bytes { get; set; }
    }

    public async Task<PreparedVolume> GetAsync(CaseReference reference, CancellationToken cancellation)
    {
        var entry = Touch(reference);
        try
        {
            var volume = await entry.Volume.WaitAsync(cancellation);
            Account(entry, volume.Bytes);
            return volume;
        }
        catch (Exception) when (entry.Volume.IsFaulted)
        {
            Forget(entry); // the store may answer next time
            throw;
        }
    }

    private Entry Touch(CaseReference reference)
    {
        lock (_lock)
        {
            var key = $"{reference.Dataset.Name}/{reference.Entry.Id}";
            if (_entries.TryGetValue(key, out var node))
                _recent.Remove(node);
            else
                node = new LinkedListNode<Entry>(new Entry(key, Task.Run(() => PrepareAsync(reference))));
            _entries[key] = node;
            _recent.AddFirst(node);
            return node.Value;
        }
    }

    private async Task<PreparedVolume> PrepareAsync(CaseReference reference)
    {
        var rule = rules[reference.Dataset.Modality];
        var image = Preprocessor.Prepare(await reference.ReadImageAsync(store, CancellationToken.None), rule);
        var label = reference.Entry.Label is null ? null : Preprocessor.PrepareLabel(await reference.ReadLabelAsync(store, CancellationToken.None), rule);
        return new PreparedVolume(image, label);
    }

    private void Account(Entry entry, long bytes)
    {
        lock (_lock)
        {
            if (entry.Bytes == 0 && _entries.ContainsKey(entry.Name))
                _bytes += entry.Bytes = bytes;
            for (var (last, before) = (_recent.Last, _recent.Last?.Previous); _bytes > limitBytes && last is not null; (last, before) = (before, before?.Previous))
                if (last.Value.Bytes > 0)
                    Remove(last.Value);
        }
    }

    private void Forget(Entry entry)
    {
        lock (_lock)
            Remove(entry);
    }

    private void Remove(Entry entry)
    {
        if (!_entries.TryGetValue(entry.Name, out var node) || node.Value != entry)
            return;
        _entries.Remove(entry.Name);
        _recent.Remove(node);
        _bytes -= entry.Bytes;
    }
}
