using TorchSharp.Utils;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Network;

/// <summary>One row of the table in docs/method.md, "Network": an optional change of the grid, a skip, then C(n).</summary>
internal sealed class Stage : nn.Module
{
    [ComponentName(Name = "resample")] private readonly ConvBlock? _entry;
    private readonly ConvBlock[] _blocks;

    /// <param name="entry">Down or Up; Same: none.</param>
    /// <param name="from">Channels before the stage as a multiple of the width; 0: the image.</param>
    /// <param name="to">Of the stage, likewise.</param>
    public Stage(ConvKind entry, int width, int from, int to, int blocks, SeededInitialisation init) : base(nameof(Stage))
    {
        if (entry != ConvKind.Same)
            _entry = new ConvBlock(entry, width, from, to, init);
        _blocks = [.. Enumerable.Range(0, blocks).Select(i => new ConvBlock(ConvKind.Same, width, i == 0 && _entry is null ? from : to, to, init))];
        for (var i = 0; i < blocks; i++)
            register_module($"conv{i + 1}", _blocks[i]);
        RegisterComponents();
    }

    /// <param name="skip">Added after the change of the grid.</param>
    public Tensor Run(Tensor input, Tensor? skip = null)
    {
        var x = _entry is null ? input : _entry.call(input);
        if (skip is not null)
            x = Replace(x, x.Plus(skip));
        foreach (var block in _blocks)
            x = Replace(ReferenceEquals(x, input) ? null : x, block.call(x));
        return x;
    }

    // The graph keeps what it needs; without a graph the memory is free at once.
    private static Tensor Replace(Tensor? old, Tensor fresh)
    {
        old?.Dispose();
        return fresh;
    }
}
