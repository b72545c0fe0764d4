namespace VerSemi.Platform.Blobs;

/// <summary>
/// What was looked at before is looked at again in turn, a bounded number at a time: so that a change nobody told of is
/// noticed, and a look stays cheap however much there is.
/// </summary>
public sealed class Rotation(TimeProvider time)
{
    private readonly Lock _lock = new();
    private Dictionary<string, (long At, long Order)> _looked = [];
    private long _order;

    /// <summary>Whose turn it is: those that waited longest. A name that is new here was looked at just now.</summary>
    /// <param name="names">All there are; others are forgotten.</param>
    /// <param name="rest">Nobody's turn comes again before it has passed.</param>
    public IReadOnlyList<string> Next(IReadOnlyCollection<string> names, int most, TimeSpan rest = default)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _looked = names.ToDictionary(name => name, name => _looked.TryGetValue(name, out var look) ? look : (now, _order++));
            var next = _looked.Where(look => time.GetElapsedTime(look.Value.At, now) >= rest).OrderBy(look => look.Value.Order).Take(most).Select(look => look.Key).ToList();
            foreach (var name in next)
                _looked[name] = (now, _order++);
            return next;
        }
    }
}
