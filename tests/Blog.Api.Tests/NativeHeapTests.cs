using System.Runtime.InteropServices;

namespace Blog.Api.Tests;

public sealed class NativeHeapTests
{
    /// <summary>Of 100,000 bytes each, which nobody touches: more than a process has lying ready from before.</summary>
    const int Blocks = 3_000;

    [Fact]
    public void Large_blocks_are_mappings_of_their_own_which_end_when_they_are_freed()
    {
        Assert.True(NativeHeap.GiveBack());

        var blocks = Enumerable.Range(0, Blocks).Select(_ => Marshal.AllocHGlobal(100_000)).ToArray();

        // What is mapped begins with its page, behind the two words in which the C library says how long it is.
        Assert.All(blocks[^100..], block => Assert.Equal(2 * nint.Size, block % Environment.SystemPageSize));
        Array.ForEach(blocks, Marshal.FreeHGlobal);
    }
}
